#compdef rootstock
# Completion of rootstock for zsh. Load it in ~/.zshrc, after compinit, with:
#   source <(rootstock completion zsh)
_rootstock() {
    local value description
    local -a candidates
    local files=
    while IFS=$'\t' read -r value description; do
        if [[ $value == :files ]]; then
            files=1
        else
            candidates+=("${value//:/\\:}${description:+:$description}")
        fi
    done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#candidates} )); then
        _describe -t rootstock 'rootstock' candidates
    fi
    [[ -z $files ]] || _files
}
if [[ ${funcstack[1]:-} == _rootstock ]]; then
    _rootstock "$@"
else
    compdef _rootstock rootstock
fi
