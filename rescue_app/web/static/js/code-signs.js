// What stands on a label, as the server reads it (qr_codes/signing.py): a slip of the finger is
// told at once, also without a network. Whether a code is ours only a key can say.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const LENGTH = 16;
const ALIKE = /** @type {Record<string, string>} */ ({ I: "1", L: "1", O: "0" });

/** @typedef {{code: string, trouble?: undefined} | {trouble: "length" | "strange" | "slip",
 *   found: string}} Read */

const POWERS = [1];
while (POWERS.length < 31) {
  const next = POWERS[POWERS.length - 1] << 1;
  POWERS.push(next & 32 ? next ^ 0b100101 : next);
}

/** @param {string} body */
function checkSign(body) {
  let total = 0;
  [...body].forEach((sign, index) => {
    const value = ALPHABET.indexOf(sign);
    if (value) total ^= POWERS[(POWERS.indexOf(value) + index + 1) % 31];
  });
  return ALPHABET[total];
}

/** Forgive what people type, and take the code out of a label's address. @param {string} text */
export function tidy(text) {
  const typed = text.trim().replace(/^https?:\/\/[^/]+\/c\//i, "").replace(/[?#].*$/, "");
  const flat = typed.normalize("NFKC").toUpperCase().replace(/[\s\-_.·・\u00ad\u200b\u2010-\u2014\u2212]/g, "");
  return flat.replace(/[ILO]/g, (sign) => ALIKE[sign]);
}

/** Read what was scanned or typed. @param {string} text @returns {Read} */
export function read(text) {
  const code = tidy(text);
  const strange = [...code].find((sign) => !ALPHABET.includes(sign));
  if (strange) return { trouble: "strange", found: strange };
  if (code.length !== LENGTH) return { trouble: "length", found: String(code.length) };
  if (checkSign(code.slice(0, -1)) !== code[LENGTH - 1]) return { trouble: "slip", found: code };
  return { code };
}

/** As printed below the symbol. @param {string} code */
export const grouped = (code) => code.replace(/(.{4})(?=.)/g, "$1-");
