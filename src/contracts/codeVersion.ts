/** Version of this code, written into every model's manifest. A test holds it to package.json. */
export const codeVersion = '0.1.0';
