package io.rootstock.cli.doctor;

import java.util.List;
import java.util.Optional;

/** Cores and vector instructions of the processor. */
record ProcessorCheck(Machine machine) implements Check {
    private static final String NAME = "processor";
    private static final long MIN_CORES = 2;

    @Override
    public List<Finding> run() {
        List<String> lines = machine.lines("proc/cpuinfo");
        long cores = lines.stream().filter(line -> line.startsWith("processor")).count();
        Optional<String> flags =
                lines.stream().filter(line -> line.startsWith("flags")).findFirst();
        String model = lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown model");
        String found = cores + " cores, " + model;
        if (flags.isPresent() && !(" " + flags.get() + " ").contains(" avx2 ")) {
            return List.of(Finding.warning(
                    NAME,
                    found + ", without AVX2",
                    "training and serving are several times slower than on a processor with AVX2"));
        }
        return List.of(
                cores < MIN_CORES
                        ? Finding.warning(NAME, found, "use a machine with at least " + MIN_CORES + " cores")
                        : Finding.ok(NAME, found));
    }
}
