package io.rootstock.cli.doctor;

import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Layout;
import io.rootstock.cli.installation.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs all checks. */
public final class Doctor {
    private Doctor() {}

    /** Checks this machine and its installation. */
    public static List<Finding> examine(
            Machine machine, Path root, Installation installation, Optional<Path> tokenFile) {
        Path home = installation.home();
        return run(List.of(
                new JavaCheck(machine.javaHome()),
                new ProcessorCheck(machine),
                new MemoryCheck(machine),
                new GpuCheck(machine),
                new DiskCheck(home, machine.leastDisk()),
                new FileLimitCheck(machine),
                new ClockCheck(
                        machine,
                        ClockCheck.filesOf(home.resolve("logs"), home.resolve("processes"), root.resolve("target"))),
                new BuildCheck(installation),
                LibraryCheck.libtorch(machine, Layout.of(root)),
                LibraryCheck.llama(machine, Layout.of(root)),
                new PostgresCheck(home),
                new TokenCheck(tokenFile),
                new PortCheck(installation),
                new ServiceCheck(installation)));
    }

    /**
     * Checks services at given endpoints, such as of a cluster.
     *
     * @param given the services with a given endpoint
     */
    public static List<Finding> examine(
            Machine machine, Endpoints endpoints, List<Service> given, Optional<Path> tokenFile) {
        return run(List.of(
                new ClockCheck(machine, List.of()), new TokenCheck(tokenFile), new EndpointCheck(endpoints, given)));
    }

    private static List<Finding> run(List<Check> checks) {
        List<Finding> findings = new ArrayList<>();
        checks.forEach(check -> findings.addAll(check.run()));
        return findings;
    }
}
