import type { ErrorPage } from "../http/answers.ts";
import { prefersHtml } from "./negotiate.ts";
import { openSite, readPath } from "./site.ts";
import { wordsIn } from "./words/index.ts";

/** Addresses that programs call: they get a problem as JSON whatever they accept. */
const forPrograms = /^\/(v1|docs|slack|discord)(\/|$)/;

/** The page for a refusal where a person reads it, or null where a program does. */
export const errorPage: ErrorPage = ({ url, accept, status, requestId }) => {
  if (!prefersHtml(accept) || forPrograms.test(url)) return null;
  const frame = { ...readPath(url), isPrivate: true };
  const { errors } = wordsIn(frame.language);
  const [title, paragraphs] =
    status === 404
      ? [errors.notFound, errors.notFoundText]
      : status === 429 || status === 503
        ? [errors.busy, errors.busyText]
        : status >= 500
          ? [errors.fault, errors.faultText]
          : [errors.refused, errors.refusedText];
  return openSite().render("message.njk", frame, {
    title,
    paragraphs,
    requestId: status >= 500 ? requestId : null,
    hasNoTwin: true,
  });
};
