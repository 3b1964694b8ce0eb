package io.rootstock.bench.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod in the place of the tokenizer service, in which a driver runs: with its label, service account, settings of Spark and volume, as in
 * {@code k8s/components/spark}.
 *
 * @param kubectl command of kubectl
 * @param executors number of executors, of one core each
 */
record DriverPod(List<String> kubectl, int executors) {
    /** Path of the claim {@code corpora} in the pods. */
    static final Path CORPORA = Path.of("/var/lib/rootstock-corpora");

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: driver
              labels: {app.kubernetes.io/name: tokenizer}
            spec:
              serviceAccountName: tokenizer
              automountServiceAccountToken: true
              restartPolicy: Never
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
                runAsGroup: 10001
                seccompProfile: {type: RuntimeDefault}
              containers:
                - name: driver
                  image: rootstock/corpus-spark:0.1.0
                  args:
                    - submit
                    - --master=k8s://https://kubernetes.default.svc
                    - --conf=spark.executor.instances=%1$d
                    - --conf=spark.executor.cores=1
                    - --conf=spark.executor.memory=900m
                    - --conf=spark.executor.memoryOverhead=600m
                    - --conf=spark.kubernetes.executor.request.cores=200m
                    - --conf=spark.scheduler.minRegisteredResourcesRatio=1.0
                    - spark-internal
                    - %2$s
                  env:
                    - {name: SPARK_CONF_DIR, value: /etc/rootstock/spark}
                    - {name: SPARK_LOCAL_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: SPARK_LOCAL_HOSTNAME, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                  securityContext:
                    allowPrivilegeEscalation: false
                    readOnlyRootFilesystem: true
                    capabilities: {drop: [ALL]}
                  volumeMounts:
                    - {name: corpora, mountPath: /var/lib/rootstock-corpora}
                    - {name: spark, mountPath: /etc/rootstock/spark, readOnly: true}
                    - {name: temporary, mountPath: /tmp}
              volumes:
                - {name: corpora, persistentVolumeClaim: {claimName: corpora}}
                - {name: spark, configMap: {name: spark}}
                - {name: temporary, emptyDir: {sizeLimit: 2Gi}}
            """;

    /**
     * Runs a job to its end and deletes the pod.
     *
     * @param job job file as pods see it
     * @param lines receives the lines of JSON that the driver prints
     * @return seconds from the pod's creation to its end
     * @throws IOException if the job did not finish
     */
    double run(Path job, WorkerRun.Lines lines) throws IOException, InterruptedException {
        long start = System.nanoTime();
        apply(POD.formatted(executors, job));
        try {
            call("wait", "pod/driver", "--for=jsonpath={.status.containerStatuses[0].started}=true", "--timeout=300s");
            follow(lines);
            call("wait", "pod/driver", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s");
        } finally {
            call("delete", "pod", "driver", "--grace-period=0", "--force");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Kills the processes of the first executor and deletes its pod. */
    void killExecutor() throws IOException, InterruptedException {
        String first = call("get", "pods", "-l", "spark-role=executor", "-o", "name")
                .lines()
                .findFirst()
                .orElseThrow(() -> new IOException("no executor runs"));
        call("delete", first, "--grace-period=0", "--force");
    }

    private void follow(WorkerRun.Lines lines) throws IOException, InterruptedException {
        Process logs = process("logs", "-f", "pod/driver").start();
        try (BufferedReader output = logs.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("{")) {
                    lines.line(line);
                } else {
                    System.err.println(line);
                }
            }
        } finally {
            logs.destroyForcibly();
        }
    }

    private void apply(String manifest) throws IOException, InterruptedException {
        Process process = process("apply", "-f", "-").start();
        process.getOutputStream().write(manifest.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        end(process);
    }

    private String call(String... arguments) throws IOException, InterruptedException {
        return end(process(arguments).start());
    }

    private static String end(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("kubectl exited with status " + process.exitValue() + ", see its message above");
        }
        return output;
    }

    private ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(kubectl);
        command.add("--namespace=rootstock");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
