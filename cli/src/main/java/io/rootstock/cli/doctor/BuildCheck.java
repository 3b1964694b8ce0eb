package io.rootstock.cli.doctor;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import java.util.List;
import java.util.stream.Collectors;

/** The packaged services are there. */
record BuildCheck(Installation installation) implements Check {
    private static final String NAME = "build";

    @Override
    public List<Finding> run() {
        List<Service> missing = installation.missingBuilds();
        return List.of(
                missing.isEmpty()
                        ? Finding.ok(NAME, "all services are built")
                        : Finding.error(
                                NAME,
                                "not built: "
                                        + missing.stream().map(Service::label).collect(Collectors.joining(", ")),
                                installation.remedy()));
    }
}
