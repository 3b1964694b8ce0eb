# Completion of rootstock for fish. Load it in ~/.config/fish/config.fish with:
#   rootstock completion fish | source
function __rootstock_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for candidate in ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
        if test "$candidate" = ':files'
            __fish_complete_path "$current"
        else
            printf '%s\n' $candidate
        end
    end
end
complete -c rootstock -f -a '(__rootstock_complete)'
