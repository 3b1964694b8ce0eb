package io.rootstock.cli.doctor;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.util.ArrayList;
import java.util.List;

/** Health of the services of the data directory, and the builds that they were started from. */
record ServiceCheck(Installation installation) implements Check {
    private static final String NAME = "services";

    @Override
    public List<Finding> run() {
        List<ServiceStatus> all = installation.status();
        if (all.stream().allMatch(status -> status.health() == Health.STOPPED)) {
            return List.of(Finding.ok(NAME, "stopped; rootstock up starts them"));
        }
        List<Finding> findings = new ArrayList<>();
        for (ServiceStatus status : all) {
            findings.add(health(status));
            installation
                    .running(status.service())
                    .filter(running -> installation.isOfAnotherBuild(running, status.service()))
                    .map(running -> outdated(status, running))
                    .ifPresent(findings::add);
            status.brokenLinks().stream()
                    .map(link -> Finding.error(
                            NAME,
                            "the " + status.service().label() + " service calls the " + link,
                            "run: rootstock up, which restarts it"))
                    .forEach(findings::add);
        }
        return List.copyOf(findings);
    }

    private Finding health(ServiceStatus status) {
        String service = "the " + status.service().label() + " service ";
        String log = "see its log: rootstock logs " + status.service().label();
        return switch (status.health()) {
            case SERVING -> Finding.ok(NAME, service + "is serving (process " + status.pid() + ")");
            case NOT_SERVING -> Finding.warning(NAME, service + "is starting or draining", log);
            case UNREACHABLE ->
                Finding.error(
                        NAME,
                        service + "does not respond (process " + status.pid() + ")",
                        log + "; then restart it: rootstock down, rootstock up");
            case STOPPED ->
                Finding.error(NAME, service + "is stopped, others are running", log + "; then: rootstock up");
        };
    }

    private static Finding outdated(ServiceStatus status, ProcessRecord running) {
        return Finding.warning(
                NAME,
                "the " + status.service().label() + " service was started from another build (version "
                        + running.version() + ")",
                "run: rootstock up, which restarts it");
    }
}
