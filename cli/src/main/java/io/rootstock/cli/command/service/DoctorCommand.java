package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.doctor.Doctor;
import io.rootstock.cli.doctor.Finding;
import io.rootstock.cli.doctor.Finding.Level;
import io.rootstock.cli.doctor.Machine;
import io.rootstock.cli.installation.JavaHome;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Check the machine and the installation",
        description =
                "Checks the Java runtime, processor, memory, GPUs, disk, clock, ports, native libraries, PostgreSQL"
                        + " and the services, and says what to do. Changes nothing. Exits with code 1 if something does not"
                        + " work. With endpoints (options or environment variables), checks the services at these endpoints"
                        + " instead, such as in a cluster.",
        footer = {"", "Examples:", "  rootstock doctor", "  rootstock doctor --registry-endpoint registry.example:7400"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Console console = common.console();
        List<Service> given = Service.withRpcs().stream()
                .filter(service -> common.givenEndpoint(service).isPresent())
                .toList();
        Machine machine = Machine.current(JavaHome.search());
        List<Finding> findings = given.isEmpty()
                ? Doctor.examine(machine, ProjectRoot.find(), common.installation(), common.tokenFile())
                : Doctor.examine(machine, common.endpoints(), given, common.tokenFile());
        print(findings, console);
        return findings.stream().anyMatch(finding -> finding.level() == Level.ERROR) ? 1 : 0;
    }

    private static void print(List<Finding> findings, Console console) {
        Table table = new Table("check", "result", "found");
        for (Finding finding : findings) {
            String level = finding.level().name().toLowerCase(Locale.ROOT);
            table.row(finding.check(), level, finding.message());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("check", finding.check());
            json.put("result", level);
            json.put("message", finding.message());
            json.put("hint", finding.hint());
            console.printJson(json);
        }
        table.print(console);
        for (Finding finding : findings) {
            if (finding.level() != Level.OK) {
                console.note(finding.level().name().toLowerCase(Locale.ROOT) + ": " + finding.check() + ": "
                        + finding.message());
                console.note("hint: " + finding.hint());
            }
        }
    }
}
