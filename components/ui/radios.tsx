type Props = {
  name: string;
  options: readonly { readonly value: string; readonly words: string }[];
  chosen: string;
  onChoose: (value: string) => void;
};

/** Native radio buttons that look like pills. Put them in a fieldset with a legend. */
export function Radios({ name, options, chosen, onChoose }: Props) {
  return (
    <div className="flex flex-wrap gap-2">
      {options.map(({ value, words }) => (
        <label
          key={value}
          className="tabular cursor-pointer rounded-full border border-line-strong bg-surface px-4 py-1.5 has-checked:border-accent has-checked:bg-accent-soft has-checked:font-semibold has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={chosen === value}
            onChange={() => onChoose(value)}
            className="sr-only"
          />
          {words}
        </label>
      ))}
    </div>
  );
}
