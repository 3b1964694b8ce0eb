package io.rootstock.bench.data;

import io.rootstock.corpus.worker.SparkCommand;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A Spark master and two workers of one core each, as processes on the loopback interface. */
final class SparkCluster implements Closeable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int WORKERS = 2;
    private static final long START_SECONDS = 120;

    private final SparkCommand spark;
    private final Path folder;
    private final String master;
    private final Process masterProcess;
    private final List<Process> workers = new ArrayList<>();

    private SparkCluster(SparkCommand spark, Path folder, String master, Process masterProcess) {
        this.spark = spark;
        this.folder = folder;
        this.master = master;
        this.masterProcess = masterProcess;
    }

    /**
     * Starts the processes.
     *
     * @param libraries directory of Spark's jars
     * @param folder directory for logs and files of the processes
     */
    static SparkCluster start(SparkCommand spark, Path libraries, Path folder)
            throws IOException, InterruptedException {
        // Workers find Spark's jars for their executors in a directory of this name.
        Files.createDirectories(folder.resolve("home"));
        if (!Files.exists(folder.resolve("home/jars"))) {
            Files.createSymbolicLink(folder.resolve("home/jars"), libraries);
        }
        int port = freePort();
        Process process = daemon(
                spark,
                folder,
                "master",
                List.of(
                        "org.apache.spark.deploy.master.Master",
                        "--host",
                        LOOPBACK,
                        "--port",
                        Integer.toString(port),
                        "--webui-port",
                        "0"));
        SparkCluster cluster = new SparkCluster(spark, folder, "spark://" + LOOPBACK + ":" + port, process);
        try {
            awaitPort(port);
            for (int worker = 0; worker < WORKERS; worker++) {
                cluster.startWorker("worker-" + worker);
            }
            return cluster;
        } catch (IOException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    private void startWorker(String name) throws IOException {
        workers.add(daemon(
                spark,
                folder,
                name,
                List.of(
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        LOOPBACK,
                        "--webui-port",
                        "0",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        folder.resolve(name).toString(),
                        master)));
    }

    private static Process daemon(SparkCommand spark, Path folder, String name, List<String> arguments)
            throws IOException {
        ProcessBuilder process = spark.process("256m", arguments)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        process.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        folder.resolve("home").toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        "SPARK_LOCAL_IP",
                        LOOPBACK,
                        "SPARK_LOCAL_DIRS",
                        folder.resolve("local").toString()));
        return process.start();
    }

    /** The driver of a job on this cluster, which begins when both workers have their executors. */
    ProcessBuilder submit(Path job) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("spark.driver.host", LOOPBACK);
        settings.put("spark.driver.bindAddress", LOOPBACK);
        settings.put("spark.executor.extraClassPath", String.join(":", spark.classPath()));
        settings.put("spark.executor.memory", "900m");
        settings.put("spark.local.dir", folder.resolve("local").toString());
        settings.put("spark.log.level", "ERROR");
        settings.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        settings.put("spark.scheduler.maxRegisteredResourcesWaitingTime", START_SECONDS + "s");
        settings.put("spark.cores.max", Integer.toString(WORKERS));
        settings.put("spark.ui.enabled", "false");
        return spark.submit(master, "512m", settings, job);
    }

    /** Kills a worker and its executors with SIGKILL. */
    void killWorker() throws IOException, InterruptedException {
        Process worker = workers.removeFirst();
        List<ProcessHandle> executors = worker.descendants().toList();
        if (executors.isEmpty()) {
            throw new IOException("the worker has no executor; see " + folder);
        }
        worker.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
        worker.waitFor();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw new IOException("the Spark master does not listen on port " + port + "; see its log", e);
                }
                Thread.sleep(100);
            }
        }
    }

    @Override
    public void close() {
        for (Process worker : workers) {
            List<ProcessHandle> executors = worker.descendants().toList();
            worker.destroyForcibly();
            executors.forEach(ProcessHandle::destroyForcibly);
        }
        masterProcess.destroyForcibly();
    }
}
