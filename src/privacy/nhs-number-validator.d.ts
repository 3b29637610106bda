/** The package ships no types. */
declare module "nhs-number-validator" {
  /** True when ten digits end in the check digit of the NHS Data Dictionary (modulus 11). */
  export function validate(nhsNumber: string): boolean;
}
