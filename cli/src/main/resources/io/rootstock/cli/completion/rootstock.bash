# Completion of rootstock for bash. Load it in ~/.bashrc with:
#   source <(rootstock completion bash)
_rootstock() {
    local line=${COMP_LINE:0:COMP_POINT} words current prefix= value description
    read -r -a words <<<"$line"
    case $line in *[[:space:]]) words+=('') ;; esac
    current=${words[${#words[@]} - 1]}
    # bash replaces the part after the last colon or equals sign only.
    case $current in *[:=]*) prefix=${current%"${current##*[:=]}"} ;; esac
    COMPREPLY=()
    while IFS=$'\t' read -r value description; do
        if [[ $value == :files ]]; then
            compopt -o default
        else
            COMPREPLY+=("${value#"$prefix"}")
        fi
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]]; then
        compopt -o nospace
    fi
}
complete -F _rootstock rootstock
