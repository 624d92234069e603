namespace Mooring.Cli.Completion;

/// <summary>
/// The scripts that make a shell ask <see cref="Suggestions"/>. Where mooring has nothing to suggest (a file name,
/// say), the shell completes as it would without.
/// </summary>
internal static class Script
{
    public static readonly IReadOnlyDictionary<string, string> Of = new Dictionary<string, string>
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
    };

    private const string Bash =
        """
        # Completion of mooring for bash. For this shell:  source <(mooring completion bash)
        # For all: mooring completion bash > ~/.local/share/bash-completion/completions/mooring
        _mooring() {
            local line=${COMP_LINE:0:COMP_POINT} word
            COMPREPLY=()
            # A word with = or : is several to bash, and several characters of it stand already.
            local typed=${line##* } given=${COMP_WORDS[COMP_CWORD]}
            [[ $given == [=:] ]] && given=
            local stands=${typed%"$given"}
            while IFS= read -r word; do
                COMPREPLY+=("${word#"$stands"}")
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -o nosort -F _mooring mooring 2>/dev/null || complete -o default -F _mooring mooring
        """;

    private const string Zsh =
        """
        #compdef mooring
        # Completion of mooring for zsh. For this shell:  source <(mooring completion zsh)
        # For all: mooring completion zsh > DIR/_mooring, with a DIR of $fpath
        _mooring() {
            local line="${(j: :)words[1,CURRENT-1]} ${PREFIX}"
            local -a suggested
            suggested=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            suggested=(${suggested:#})
            if (( ${#suggested} )); then
                compadd -- "${suggested[@]}"
            else
                _files
            fi
        }
        if [[ $funcstack[1] == _mooring ]]; then
            _mooring "$@"
        else
            compdef _mooring mooring
        fi
        """;

    private const string Fish =
        """
        # Completion of mooring for fish. For this shell:  mooring completion fish | source
        # For all: mooring completion fish > ~/.config/fish/completions/mooring.fish
        function __mooring_complete
            set -l line (commandline --cut-at-cursor --current-process | string trim --left | string collect)
            set -l words (string split ' ' -- $line)
            set -l suggested (command $words[1] "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
            if test (count $suggested) -gt 0
                printf '%s\n' $suggested
            else
                __fish_complete_path (commandline --current-token)
            end
        end
        complete --command mooring --no-files --keep-order --arguments '(__mooring_complete)'
        """;
}
