#!/usr/bin/env bash
# Process of a pod, called as Spark on Kubernetes calls its images.
#   entrypoint.sh executor              an executor, described by the variables SPARK_* that the driver set in its pod
#   entrypoint.sh submit ARGUMENTS...   a driver: org.apache.spark.deploy.SparkSubmit with these arguments
#   entrypoint.sh worker JOB            a job in one process, without Spark
set -euo pipefail
home=/opt/rootstock
command=${1:?executor, submit or worker}
shift
java=(java "@$home/spark-java-options" -cp "$home/classes:$home/lib/*" -XX:+ExitOnOutOfMemoryError)
case $command in
executor)
    options=()
    for ((i = 0; ; i++)); do
        name=SPARK_JAVA_OPT_$i
        [ -n "${!name+set}" ] || break
        options+=("${!name}")
    done
    exec "${java[@]}" "${options[@]}" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
        org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
        --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
        --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
        --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
submit)
    exec "${java[@]}" -Xmx1g org.apache.spark.deploy.SparkSubmit --class io.rootstock.corpus.spark.SparkCorpusWorker "$@"
    ;;
worker)
    exec "${java[@]}" -Xmx1g io.rootstock.corpus.worker.CorpusWorker "$@"
    ;;
*)
    echo "entrypoint.sh: unknown command $command; use executor, submit or worker" >&2
    exit 2
    ;;
esac
