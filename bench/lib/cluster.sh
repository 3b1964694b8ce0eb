# Sourced after java.sh by the executables that install Rootstock in a cluster for tests, in the namespace rootstock.
kubectl=${KUBECTL:-kubectl}
workloads=(deployment/registry deployment/tokenizer statefulset/trainer deployment/inference statefulset/evaluator)

say() {
    echo "$(date +%H:%M:%S) $*"
}

# need_empty_cluster NAMESPACE...: refuses a cluster that has one of these namespaces.
need_empty_cluster() {
    for namespace in "$@"; do
        if $kubectl get namespace "$namespace" >/dev/null 2>&1; then
            echo "error: the cluster has a namespace $namespace; use a cluster for tests" >&2
            exit 1
        fi
    done
}

# Creates the namespace with the Secrets that k8s/base reads, from DATABASE_* and S3_*. Sets ROOTSTOCK_TOKEN.
create_namespace() {
    $kubectl create namespace rootstock >/dev/null
    ROOTSTOCK_TOKEN=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
    export ROOTSTOCK_TOKEN
    $kubectl -n rootstock create secret generic rootstock-token --from-literal=token="$ROOTSTOCK_TOKEN" >/dev/null
    $kubectl -n rootstock create secret generic rootstock-registry-database --from-literal=url="$DATABASE_URL" \
        --from-literal=user="$DATABASE_USER" --from-literal=password="$DATABASE_PASSWORD" >/dev/null
    $kubectl -n rootstock create secret generic rootstock-s3 --from-literal=S3_BUCKET="$S3_BUCKET" \
        --from-literal=S3_ENDPOINT="$S3_ENDPOINT" --from-literal=S3_REGION="${S3_REGION:-us-east-1}" \
        --from-literal=AWS_ACCESS_KEY_ID="$AWS_ACCESS_KEY_ID" --from-literal=AWS_SECRET_ACCESS_KEY="$AWS_SECRET_ACCESS_KEY" >/dev/null
}

# Inference pods are Ready once the registry has named the versions.
await_workloads() {
    for workload in "${workloads[@]}"; do $kubectl -n rootstock rollout status "$workload" --timeout=15m >/dev/null; done
}

# forward WORK SERVICE:PORT...: forwards local ports to services, again when a pod ends, with logs in WORK; sets
# ROOTSTOCK_*_ENDPOINT and the array forwards of processes.
forward() {
    local service name port work=$1
    shift
    for service in "$@"; do
        name=${service%:*}
        # Not one of those that the system chooses for connections.
        until port=$((RANDOM % 10000 + 20000)) && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
        while :; do
            $kubectl -n rootstock port-forward --address 127.0.0.1 "service/$name" "$port:${service#*:}" || sleep 0.2
        done >"$work/$name.log" 2>&1 &
        forwards+=($!)
        export "ROOTSTOCK_${name^^}_ENDPOINT=127.0.0.1:$port"
    done
    for service in "$@"; do
        until grep -q Forwarding "$work/${service%:*}.log"; do sleep 0.1; done
    done
}

# Ends the forwards with their loops.
end_forwards() {
    for process in "${forwards[@]}"; do
        kill "$process" $(pgrep -P "$process") 2>/dev/null || true
    done
    forwards=()
}
