package io.rootstock.bench.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Processes of the PyTorch in {@code ROOTSTOCK_PEER_PYTHON}, as installed by {@code bench/lib/python.sh}. */
final class PyTorchPeer {
    /** Execution mode of PyTorch. */
    enum Mode {
        EAGER("PyTorch eager"),
        COMPILE("torch.compile");

        final String words;

        Mode(String words) {
            this.words = words;
        }
    }

    /**
     * A process that only imported torch.
     *
     * @param library versions of PyTorch and its matrix libraries
     * @param peakMemory peak resident memory in bytes
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
