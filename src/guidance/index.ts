export { checkText, type Finding } from "./check-text.ts";
export { type FoundDoor, findDoors } from "./find-doors.ts";
