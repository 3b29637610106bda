export { serviceDays } from "./cover.ts";
export { ElapsedDuration, elapsedMs, ServiceDuration } from "./durations.ts";
export { createHolidays, type Holidays, holidayCoverage, ukHolidays } from "./holidays.ts";
export { type CompiledHours, parseHours, ServiceHours } from "./hours.ts";
export { advisorsOnDuty, dutyDay, localDate, localHour, RotaTurn } from "./rota.ts";
export { addServiceTime, isOpen, serviceMsBetween } from "./service-time.ts";
