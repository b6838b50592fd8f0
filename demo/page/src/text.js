// Elements and numbers as text. Nothing of the data is ever read as HTML.

const LANGUAGE = "en";
const THREE = new Intl.NumberFormat(LANGUAGE, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/** An element with properties, custom style properties among them, and what is in it. */
export function element(tag, properties = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("--")) made.style.setProperty(name, value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...content);
  return made;
}

export const byId = (id) => document.getElementById(id);

export const whole = (number) => Math.round(number).toLocaleString(LANGUAGE);

/** Three digits that count. */
export const digits = (number) => (number >= 100 ? whole(number) : THREE.format(number));

export const milliseconds = (time) => `${digits(time)} ms`;

/** A small number without an exponent, rounded up. */
export const decimal = (number) => {
  const unit = 10 ** Math.floor(Math.log10(Math.max(number, 1e-9)));
  return (Math.ceil(number / unit) * unit).toLocaleString(LANGUAGE, { maximumSignificantDigits: 1 });
};

export const score = (number) => number.toFixed(3);
