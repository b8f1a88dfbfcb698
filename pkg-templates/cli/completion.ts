import { invalidArgument } from "../arguments.js";
import { parse } from "./arguments.js";
import type { CommandRow, OptionRow } from "./table/types.js";
import { commands, optionsOf } from "./table.js";
import { texts } from "./texts.js";
import type { Command } from "./world.js";

/** `paysign completion`: the table, in the words of a shell. */
export const completion: Command = async (args, world) => {
	const { operands } = parse(args, "completion", world.language);
	const [shell = "", ...more] = operands;
	const write =
		Object.hasOwn(shells, shell) && more.length === 0 ? shells[shell as keyof typeof shells] : undefined;
	if (write === undefined)
		throw invalidArgument("SHELL", texts[world.language].oneOf("completion", Object.keys(shells)));
	world.out(write());
	return 0;
};

const shells = { bash, zsh, fish };

const dashed = (row: CommandRow) => optionsOf(row).map(({ name }) => `--${name}`);
const takesFile = ({ value }: OptionRow) => value === "FILE" || value === "sqlite:FILE";

/** A line for each option that a value follows, by what can follow. */
function values(
	row: CommandRow,
	choices: (words: readonly string[]) => string,
	file: string,
	nothing: string,
) {
	return optionsOf(row).flatMap((option) => {
		if (option.value === undefined) return [];
		const does = option.choices ? choices(option.choices) : takesFile(option) ? file : nothing;
		return [`\t\t"${row.name} --${option.name}") ${does}; return ;;`];
	});
}

function bash(): string {
	const reply = (words: string) => `COMPREPLY=($(compgen -W "${words}" -- "$cur"))`;
	const file = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
	const rows = commands.map((row) => {
		const words = row.words === undefined ? "" : row.words.join(" ");
		return `\t\t${row.name}) options="${dashed(row).join(" ")}" words="${words}" files=${row.files === true ? 1 : ""} ;;`;
	});
	return `# paysign completion bash: source <(paysign completion bash)
_paysign() {
	local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" options= words= files=
	COMPREPLY=()
	# --name=value is three words for bash.
	if [[ "$cur" == "=" ]]; then cur=; elif [[ "$prev" == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
	if ((COMP_CWORD == 1)); then
		${reply([...commands.map(({ name }) => name), "--help", "--version"].join(" "))}
		return
	fi
	case "\${COMP_WORDS[1]} $prev" in
${commands.flatMap((row) => values(row, (choices) => reply(choices.join(" ")), file, ":")).join("\n")}
	esac
	case "\${COMP_WORDS[1]}" in
${rows.join("\n")}
	esac
	if [[ "$cur" == -* ]]; then
		${reply("$options")}
	elif [[ -n "$words" ]] && ((COMP_CWORD == 2)); then
		${reply("$words")}
	elif [[ -n "$files" ]]; then
		${file}
	fi
}
complete -F _paysign paysign
`;
}

function zsh(): string {
	const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
	const list = commands.map(({ name, summary }) => `\t\t\t${quoted(`${name}:${summary.en}`)}`);
	const rows = commands.map((row) => {
		const words = row.words === undefined ? "" : row.words.join(" ");
		return `\t\t${row.name}) options=(${dashed(row).join(" ")}) names=(${words}) files=${row.files === true ? 1 : 0} ;;`;
	});
	return `#compdef paysign
# paysign completion zsh > "\${fpath[1]}/_paysign"
_paysign() {
	local -a options names list
	local files=0
	if (( CURRENT == 2 )); then
		list=(
${list.join("\n")}
		)
		_describe command list
		return
	fi
	case "$words[2] $words[CURRENT-1]" in
${commands.flatMap((row) => values(row, (choices) => `compadd -- ${choices.join(" ")}`, "_files", ":")).join("\n")}
	esac
	case "$words[2]" in
${rows.join("\n")}
	esac
	if [[ "$words[CURRENT]" == -* ]]; then
		compadd -- $options
	elif (( CURRENT == 3 && $#names )); then
		compadd -- $names
	elif (( files )); then
		_files
	fi
}
if [[ "$funcstack[1]" == _paysign ]]; then _paysign "$@"; else compdef _paysign paysign; fi
`;
}

function fish(): string {
	const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
	const lines = commands.flatMap((row) => {
		const here = `-n '__fish_seen_subcommand_from ${row.name}'`;
		return [
			`complete -c paysign -n __fish_use_subcommand -a ${row.name} -d ${quoted(row.summary.en)}`,
			...(row.words === undefined ? [] : [`complete -c paysign ${here} -a ${quoted(row.words.join(" "))}`]),
			...(row.files === true ? [`complete -c paysign ${here} -F`] : []),
			...optionsOf(row).map((option) => {
				const follows = option.choices
					? ` -x -a ${quoted(option.choices.join(" "))}`
					: takesFile(option)
						? " -r -F"
						: " -x";
				return `complete -c paysign ${here} -l ${option.name}${option.value === undefined ? "" : follows} -d ${quoted(option.help.en)}`;
			}),
		];
	});
	return `# paysign completion fish > ~/.config/fish/completions/paysign.fish\ncomplete -c paysign -f\n${lines.join("\n")}\n`;
}
