package io.rootstock.bench.artifacts;

import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.bench.rounds.Samples;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Transfers of a large artifact to an S3 server and back, in this process, which lives long as the services do, alternating with
 * {@code aws s3 cp}. Then transfers by a process of its own are killed at half of their bytes and repeated.
 */
public final class S3Benchmark {
    private static final int DEFAULT_MIB = 1024;
    private static final int MIB = 1 << 20;
    private static final int PART_MIB = 16;
    private static final int WARM_UPS = 1;
    private static final int ROUNDS = 3;
    private static final long PAUSE_NANOS = 2_000_000;

    private final Path folder;
    private final Gateway gateway;
    private final int mebibytes;
    private final Path file;
    private final Digest digest;

    private S3Benchmark(Path folder, Gateway gateway, int mebibytes) throws IOException {
        this.folder = folder;
        this.gateway = gateway;
        this.mebibytes = mebibytes;
        this.file = folder.resolve("artifact");
        Random random = new Random(mebibytes);
        byte[] block = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        this.digest = Digest.ofFile(file);
    }

    /** Entry point; the argument is the size of the artifact in MiB. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int mebibytes = arguments.length == 0 ? DEFAULT_MIB : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("rootstock-s3-");
        try (Gateway gateway = new Gateway(folder)) {
            new S3Benchmark(folder, gateway, mebibytes).run();
        } finally {
            FileTree.delete(folder);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Samples<Double>> uploads = SideBySide.run(WARM_UPS, ROUNDS, List.of(this::upload, this::awsUpload));
        List<Samples<Double>> downloads = SideBySide.run(WARM_UPS, ROUNDS, List.of(this::download, this::awsDownload));
        System.out.printf("%d MiB, medians of %d, MiB/s%n", mebibytes, ROUNDS);
        System.out.printf("%-10s %10s %10s%n", "", "rootstock", "aws s3 cp");
        double up = print("upload", uploads);
        double down = print("download", downloads);
        System.out.printf("upload_share_of_aws_cli=%.2f%n", up);
        System.out.printf("download_share_of_aws_cli=%.2f%n", down);
        System.out.printf("share_of_aws_cli=%.2f%n", Math.min(up, down));
        killUpload();
        killDownload();
    }

    private double print(String name, List<Samples<Double>> sides) {
        double ours = mebibytes / sides.get(0).median(seconds -> seconds);
        double theirs = mebibytes / sides.get(1).median(seconds -> seconds);
        System.out.printf("%-10s %10.0f %10.0f%n", name, ours, theirs);
        return ours / theirs;
    }

    private double upload() throws IOException, InterruptedException {
        gateway.delete("ours/");
        ArtifactStore store = open("writer");
        long start = System.nanoTime();
        store.putFile(file);
        return (System.nanoTime() - start) / 1e9;
    }

    private ArtifactStore open(String cache) {
        return new ArtifactLocation(folder.resolve(cache), Optional.of(URI.create(gateway.store("ours")))).open();
    }

    private double awsUpload() throws IOException, InterruptedException {
        gateway.delete("aws/");
        return seconds(aws(file.toString(), "s3://" + Gateway.BUCKET + "/aws/artifact"));
    }

    private double download() throws IOException, InterruptedException {
        FileTree.delete(folder.resolve("reader"));
        ArtifactStore store = open("reader");
        long start = System.nanoTime();
        store.verified(digest);
        return (System.nanoTime() - start) / 1e9;
    }

    private double awsDownload() throws IOException, InterruptedException {
        Path target = folder.resolve("aws-copy");
        Files.deleteIfExists(target);
        return seconds(aws("s3://" + Gateway.BUCKET + "/aws/artifact", target.toString()));
    }

    private void killUpload() throws IOException, InterruptedException {
        gateway.delete("");
        int parts = Math.ceilDiv(mebibytes, PART_MIB);
        Process first = ours("put", gateway.store("killed"), folder.resolve("writer"), file.toString())
                .start();
        int complete = 0;
        while (complete < parts / 2 && first.isAlive()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            complete = gateway.completeParts();
        }
        first.destroyForcibly().waitFor();
        complete = gateway.completeParts();
        try (CountingProxy proxy = new CountingProxy(gateway.address())) {
            seconds(ours(
                    "put",
                    "s3://" + Gateway.BUCKET + "/killed?endpoint=" + proxy.address(),
                    folder.resolve("writer"),
                    file.toString()));
            double sent = proxy.sent() / (double) MIB / PART_MIB;
            System.out.printf(
                    "killed after %d of %d parts; then %.2f parts were sent for the %d missing ones%n",
                    complete, parts, sent, parts - complete);
            System.out.printf("resent_parts=%d%n", Math.max(0, (int) sent - (parts - complete)));
        }
    }

    private void killDownload() throws IOException, InterruptedException {
        Path cache = folder.resolve("killed-reader");
        Process first =
                ours("get", gateway.store("killed"), cache, digest.value()).start();
        while (present(cache) < mebibytes / 2L * MIB && first.isAlive()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        first.destroyForcibly().waitFor();
        double present = present(cache) / (double) MIB / PART_MIB;
        try (CountingProxy proxy = new CountingProxy(gateway.address())) {
            seconds(ours(
                    "get", "s3://" + Gateway.BUCKET + "/killed?endpoint=" + proxy.address(), cache, digest.value()));
            double received = proxy.received() / (double) MIB / PART_MIB;
            double missing = mebibytes / (double) PART_MIB - present;
            System.out.printf(
                    "killed after %.2f parts; then %.2f parts were received for the %.2f missing ones%n",
                    present, received, missing);
            System.out.printf("received_again_parts=%d%n", Math.max(0, (int) (received - missing)));
        }
    }

    private static long present(Path cache) throws IOException {
        Path copies = cache.resolve("copies");
        if (!Files.isDirectory(copies)) {
            return 0;
        }
        long bytes = 0;
        try (Stream<Path> files = Files.list(copies)) {
            for (Path copy : files.toList()) {
                bytes += Files.size(copy);
            }
        }
        return bytes;
    }

    private ProcessBuilder ours(String operation, String store, Path cache, String what) {
        return process(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                S3Transfer.class.getName(),
                operation,
                store,
                cache.toString(),
                what));
    }

    private ProcessBuilder aws(String from, String to) {
        return process(List.of(
                System.getProperty("rootstock.bench.aws"),
                "--endpoint-url",
                gateway.address().toString(),
                "s3",
                "cp",
                "--only-show-errors",
                from,
                to));
    }

    private ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("transfer.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", Gateway.ACCESS_KEY,
                        "AWS_SECRET_ACCESS_KEY", Gateway.SECRET_KEY,
                        "AWS_DEFAULT_REGION", Gateway.REGION));
        return builder;
    }

    private double seconds(ProcessBuilder builder) throws IOException, InterruptedException {
        long start = System.nanoTime();
        if (builder.start().waitFor() != 0) {
            throw new IOException(String.join(" ", builder.command()) + " failed:\n"
                    + Files.readString(folder.resolve("transfer.log")));
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
