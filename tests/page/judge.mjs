// Judge HTML files: node judge.mjs FILE… prints {FILE: {"html": [fault…], "mail": [{client, feature, support}…]}}.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

// Every mail program of these three makers that caniemail.com knows.
const CLIENTS = ["gmail.*", "outlook.*", "apple-mail.*"];

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:recommended"],
    rules: {
      // Mail, not web: Outlook for Windows lays out by these attributes and comments and ignores the CSS for it,
      // and css-inline writes style attributes for programs that drop <style>.
      "no-inline-style": "off",
      "no-conditional-comment": "off",
      "no-deprecated-attr": "off",
      // No mail program needs <main>, and Outlook for Windows does not know it; screen readers know the role.
      "prefer-native-element": ["error", { exclude: ["main"] }],
      // The title is the subject, which names up to four counts.
      "long-title": "off",
      "presentation-role-style": ["error", { prefer: "presentation" }],
    },
  }),
);

const faults = async (file) => {
  const report = await validator.validateFile(file);
  return report.results.flatMap((result) =>
    result.messages.map((fault) => `${fault.line}:${fault.column} ${fault.ruleId}: ${fault.message}`),
  );
};

const unsupported = (file) => {
  const { issues } = caniemail({ clients: CLIENTS, html: readFileSync(file, "utf8") });
  return [issues.errors, issues.warnings].flatMap((found) =>
    [...found].flatMap(([client, features]) =>
      features.map(({ title, support }) => ({ client, feature: title, support })),
    ),
  );
};

const verdict = {};
for (const file of process.argv.slice(2)) verdict[file] = { html: await faults(file), mail: unsupported(file) };
process.stdout.write(JSON.stringify(verdict));
