package io.rootstock.bench.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Processes of the PyTorch that {@code ROOTSTOCK_PEER_PYTHON} has, as {@code bench/lib/python.sh} installs it. */
final class PyTorchPeer {
    /** How the loss is computed. */
    enum Mode {
        EAGER("PyTorch eager"),
        COMPILE("torch.compile");

        final String words;

        Mode(String words) {
            this.words = words;
        }
    }

    /**
     * A process that imported torch and does nothing.
     *
     * @param library PyTorch's version and those of its matrix libraries
     * @param peakMemory most resident memory, bytes
     */
    record Idle(String library, long peakMemory) {}

    private PyTorchPeer() {}

    static Side start(Path folder, String device, Mode mode, int threads) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                python(),
                "bench/training/pytorch_peer.py",
                folder.toString(),
                device,
                mode.name().toLowerCase(Locale.ROOT));
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        return new Side(mode.words, builder);
    }

    static Idle idle() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(python(), "bench/training/pytorch_idle.py");
        try (Side side = new Side("idle PyTorch", builder)) {
            return new Idle(side.library(), side.peakMemory());
        }
    }

    private static String python() {
        return System.getenv().getOrDefault("ROOTSTOCK_PEER_PYTHON", "python3");
    }
}
