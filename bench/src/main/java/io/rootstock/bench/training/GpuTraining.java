package io.rootstock.bench.training;

import io.rootstock.bench.rounds.Figures;
import io.rootstock.bench.rounds.SideBySide;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.cuda.Gpu;
import io.rootstock.files.FileTree;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.engine.DeviceChoice;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares training steps on a GPU of the trainer, PyTorch eager and torch.compile, with equal weights and batches. The
 * first losses must agree before times are measured. Without a GPU it prints a message.
 */
public final class GpuTraining {
    private static final int CHECKED_STEPS = 4; // the trainer runs a CUDA graph from the second step
    private static final int ROUNDS = 3;
    private static final int STEPS_PER_TURN = 10;
    private static final List<Row> ROWS = List.of(
            new Row(Size.SMALL, 256, Precision.FLOAT32, 1, Work.PRETRAIN, 1 << 14),
            new Row(Size.SMALL, 256, Precision.BFLOAT16, 1, Work.FULL, 1 << 14),
            new Row(Size.LARGE, 1024, Precision.BFLOAT16, 1, Work.PRETRAIN, 1 << 14));

    private final Device device;
    private final String name;
    private final double peak;

    private GpuTraining(Device device) {
        this.device = device;
        this.name = Gpu.name(device.index());
        this.peak = DeviceTable.load(Optional.empty()).advertisedPeak(name, Double.NaN);
    }

    /**
     * Result of a row.
     *
     * @param ours the trainer's tokens per second
     * @param eager PyTorch eager's tokens per second
     * @param compiled torch.compile's tokens per second
     * @param utilization the trainer's share of the advertised bfloat16 peak
     * @param difference largest relative difference of the checked losses
     */
    private record Outcome(double ours, double eager, double compiled, double utilization, double difference) {}

    /** Entry point without arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Device device = DeviceChoice.here();
        if (device.type() == Device.Type.CPU) {
            System.out.println(
                    Gpu.count() == 0
                            ? "there is no NVIDIA GPU, or no driver for it: nothing is timed"
                            : "ROOTSTOCK_LIBTORCH names no libtorch for CUDA (cuda libtorch: " + Torch.cuda()
                                    + ") or ROOTSTOCK_DEVICE asks for the CPU: nothing is timed");
            System.out.println("gpu=none");
            return;
        }
        new GpuTraining(device).run();
    }

    private void run() throws IOException, InterruptedException {
        System.out.println("on " + name + ": tokens per second of the fastest step; all sides in turns");
        System.out.printf(
                "  %-6s %6s %-9s %-15s %10s %10s %10s %6s %10s%n",
                "model", "length", "precision", "work", "ours", "eager", "compiled", "MFU", "difference");
        Outcome last = null;
        for (Row row : ROWS) {
            last = measure(row);
            System.out.printf(
                    Locale.ROOT,
                    "  %-6s %6d %-9s %-15s %10.0f %10.0f %10.0f %6.3f %10.1e%n",
                    row.size().words,
                    row.length(),
                    row.precision().name().toLowerCase(Locale.ROOT),
                    row.work().words,
                    last.ours(),
                    last.eager(),
                    last.compiled(),
                    last.utilization(),
                    last.difference());
        }
        System.out.println("gpu=" + name);
        Figures.print("tokens_per_second", last.ours());
        Figures.print("eager_ratio", last.ours() / last.eager());
        Figures.print("compile_ratio", last.ours() / last.compiled());
        Figures.print("mfu", last.utilization());
    }

    private Outcome measure(Row row) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("gpu-training");
        Execution execution = Execution.of(row.precision(), row.threads()).on(device);
        try (Side ours = new Side("our side", ours(row, folder, execution));
                Side eager = PyTorchPeer.start(folder, "cuda", PyTorchPeer.Mode.EAGER, row.threads());
                Side compiled = PyTorchPeer.start(folder, "cuda", PyTorchPeer.Mode.COMPILE, row.threads())) {
            List<Side.Step> first = ours.run(CHECKED_STEPS);
            double difference = Math.max(
                    Side.lossDifference(row, first, eager.run(CHECKED_STEPS)),
                    Side.lossDifference(row, first, compiled.run(CHECKED_STEPS)));
            SideBySide.run(
                    0,
                    ROUNDS,
                    List.of(
                            () -> ours.run(STEPS_PER_TURN),
                            () -> eager.run(STEPS_PER_TURN),
                            () -> compiled.run(STEPS_PER_TURN)));
            return new Outcome(
                    row.tokens() / ours.fastest(),
                    row.tokens() / eager.fastest(),
                    row.tokens() / compiled.fastest(),
                    ours.flops() / ours.fastest() / peak,
                    difference);
        } finally {
            FileTree.delete(folder);
        }
    }

    private static ProcessBuilder ours(Row row, Path folder, Execution execution) {
        return new JavaWorkerLauncher(folder, folder, "2g", List.of(), MpiLauncher.HYDRA)
                .builder(OurSide.program(row, folder, execution));
    }
}
