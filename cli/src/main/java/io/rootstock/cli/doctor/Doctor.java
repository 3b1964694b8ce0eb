package io.rootstock.cli.doctor;

import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.doctor.InstallationChecks.BuildCheck;
import io.rootstock.cli.doctor.InstallationChecks.EndpointCheck;
import io.rootstock.cli.doctor.InstallationChecks.LibraryCheck;
import io.rootstock.cli.doctor.InstallationChecks.PortCheck;
import io.rootstock.cli.doctor.InstallationChecks.PostgresCheck;
import io.rootstock.cli.doctor.InstallationChecks.ServiceCheck;
import io.rootstock.cli.doctor.InstallationChecks.TokenCheck;
import io.rootstock.cli.doctor.MachineChecks.ClockCheck;
import io.rootstock.cli.doctor.MachineChecks.DiskCheck;
import io.rootstock.cli.doctor.MachineChecks.FileLimitCheck;
import io.rootstock.cli.doctor.MachineChecks.GpuCheck;
import io.rootstock.cli.doctor.MachineChecks.JavaCheck;
import io.rootstock.cli.doctor.MachineChecks.MemoryCheck;
import io.rootstock.cli.doctor.MachineChecks.ProcessorCheck;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Layout;
import io.rootstock.cli.installation.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
     * Checks what the services need to start: space and write access in the data directory, memory, and free ports.
     *
     * @throws CliException naming all that is missing, with what to do
     */
    public static void requireStartable(Machine machine, Installation installation) {
        List<Service> missing = installation.missing();
        if (missing.isEmpty()) {
            return;
        }
        List<Check> checks = new ArrayList<>(
                List.of(new DiskCheck(installation.home(), machine.leastDisk()), new PortCheck(installation)));
        if (missing.size() == Service.values().length) {
            // A service that is started again takes the memory that it had.
            checks.add(new MemoryCheck(machine));
        }
        List<Finding> errors = run(checks).stream()
                .filter(finding -> finding.level() == Finding.Level.ERROR)
                .toList();
        if (!errors.isEmpty()) {
            throw new CliException(
                    errors.stream().map(Finding::message).collect(Collectors.joining("; ")),
                    errors.stream().map(Finding::hint).distinct().collect(Collectors.joining("; ")));
        }
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

    /** One check. It returns at least one finding, and does not throw for a machine in a bad state. */
    @FunctionalInterface
    interface Check {
        List<Finding> run();
    }
}
