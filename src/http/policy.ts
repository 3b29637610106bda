/** Headers of every answer: nothing of another origin, nothing inline, no frames, HTTPS once it has been used. */
export const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
    },
  },
  xFrameOptions: { action: "deny" },
  // Names beside this one belong to others, who decide for themselves.
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
} as const;
