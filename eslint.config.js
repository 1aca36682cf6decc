import tseslint from "typescript-eslint";

/** Which part of the tree may import which. The rule of the design, section 4. */
const MAY_NOT_IMPORT = {
  "lib/domain": [
    "db",
    "usecases",
    "queries",
    "providers",
    "worker",
    "notify",
    "siem",
    "identity",
    "web",
    "env",
    "configuration",
  ],
  "lib/proof": [
    "db",
    "usecases",
    "queries",
    "providers",
    "worker",
    "notify",
    "siem",
    "identity",
    "web",
    "env",
    "configuration",
  ],
  "lib/usecases": ["queries", "providers", "worker", "notify", "siem", "identity", "web", "env", "configuration"],
  "lib/queries": ["usecases", "providers", "worker", "notify", "siem", "identity", "web", "env", "configuration"],
  "lib/db": ["usecases", "queries", "providers", "worker", "notify", "siem", "identity", "web", "env", "configuration"],
  "lib/providers": ["db", "usecases", "queries", "worker", "notify", "siem", "identity", "web", "env", "configuration"],
  "lib/worker": ["usecases", "queries", "identity", "web"],
  "lib/notify": ["usecases", "queries", "providers", "worker", "siem", "identity", "web", "env", "configuration"],
  "lib/siem": ["usecases", "queries", "providers", "worker", "notify", "identity", "web", "env", "configuration"],
  "lib/identity": ["queries", "providers", "worker", "notify", "siem", "web"],
  "lib/web": ["providers", "worker", "notify", "siem"],
};

const importRules = Object.entries(MAY_NOT_IMPORT).map(([folder, parts]) => ({
  files: [`${folder}/**/*.ts`],
  ignores: ["**/*.test.ts", "**/testing/**"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...parts.map((part) => ({
            group: [`**/${part}/*`, `**/${part}.ts`, `#lib/${part}/*`],
            message: `${folder} may not know ${part}`,
          })),
          {
            group: ["**/sandbox/*", "**/app/*", "#components/*"],
            message: "lib knows neither the sandbox nor the pages",
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: [".next/", ".daypass/", "lib/db/generated/", "next-env.d.ts", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNullish: false }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      // Flags that change while a promise is awaited look constant to it.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // hono's routers are instances of a subclass.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Configuration comes from lib/env.ts." },
      ],
    },
  },
  ...importRules,
  {
    files: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["#lib/db/*", "#lib/providers/*", "#lib/worker/*", "**/sandbox/*"],
              message: "Pages show: no query, no SDK",
            },
          ],
        },
      ],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ["sandbox/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["#lib/*", "**/lib/*"], message: "The sandbox knows nothing of lib" }] },
      ],
    },
  },
  {
    files: ["lib/env.ts", "scripts/**", "sandbox/**", "bench/**", "e2e/**", "**/*.test.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["**/*.test.ts", "**/testing/**", "e2e/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
      "@typescript-eslint/restrict-plus-operands": "off",
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  { files: ["**/*.{js,mjs}"], ...tseslint.configs.disableTypeChecked },
);
