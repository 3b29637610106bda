import type { RoutingInputs } from "../../../src/routing/index.ts";

/** The floor of routing: ten conditions written by hand, which know nothing of versions, reasons or pools that are closed. */
export function routeByHand(inputs: RoutingInputs): string {
  const { topic, forum, nation, urgency, language } = inputs;
  if (topic === "topic-1" && nation === "england") return "pool-1";
  if (topic === "topic-2" && nation === "wales") return "pool-2";
  if (topic === "topic-3") return "pool-3";
  if (forum === "forum-4" && topic === "topic-4") return "pool-4";
  if (forum === "forum-5") return "pool-5";
  if (urgency === "urgent" && nation === "scotland") return "pool-6";
  if (language === "cy" && inputs.text.includes("advance payment")) return "pool-7";
  if (inputs.audience?.includes("audience-6")) return "pool-8";
  if (nation === "northern-ireland") return "pool-9";
  return "triage";
}
