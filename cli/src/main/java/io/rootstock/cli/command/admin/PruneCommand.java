package io.rootstock.cli.command.admin;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DurationConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.cli.installation.Service;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock prune}. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        header = "Free disk space: remove files that nothing needs",
        description = "Reports what would be removed; --apply removes it: artifacts that no model, job, dataset or"
                + " tokenizer needs, versions and files of clients older than the limits in the settings of the registry, checkpoints of succeeded jobs, work directories of ended jobs, uploaded files, and"
                + " cached artifacts that are not served. Running jobs, preparations and imports lose nothing.",
        footer = {"", "Examples:", "  rootstock prune", "  rootstock prune --grace 24h --apply"})
public final class PruneCommand extends ServiceCommand {
    /** The registry is last: what the other services forget is then without references. */
    private static final List<Service> ORDER =
            List.of(Service.TRAINER, Service.TOKENIZER, Service.INFERENCE, Service.REGISTRY);

    @Option(names = "--apply", description = "Remove the files")
    private boolean apply;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description =
                    "Keep files that are younger, in minutes, hours or days, at least 10m [default: ${DEFAULT-VALUE}]")
    private Duration grace;

    @Override
    protected int run(Clients clients, Console console) {
        PruneRequest request = PruneRequest.newBuilder()
                .setApply(apply)
                .setGrace(com.google.protobuf.Duration.newBuilder().setSeconds(grace.toSeconds()))
                .build();
        Table table = new Table("service", "files", "number", "size", "kept, too young");
        long bytes = 0;
        for (Service service : ORDER) {
            for (PrunedGroup group : groups(clients, service, request, console)) {
                bytes += group.getBytes();
                console.printJson(json(service, group));
                table.row(
                        service.label(),
                        group.getDescription(),
                        group.getItems(),
                        Format.bytes(group.getBytes()),
                        group.getKeptItems() == 0
                                ? "-"
                                : group.getKeptItems() + ", " + Format.bytes(group.getKeptBytes()));
            }
        }
        table.print(console);
        console.print((apply ? "freed " : "would free ") + Format.bytes(bytes));
        if (!apply && bytes > 0) {
            console.note("hint: rootstock prune --apply");
        }
        return 0;
    }

    /** The groups of a service; none with a note if the inference service, which may not run, does not respond. */
    private static List<PrunedGroup> groups(Clients clients, Service service, PruneRequest request, Console console) {
        try {
            return clients.storage(service).prune(request).getGroupsList();
        } catch (StatusRuntimeException e) {
            if (service != Service.INFERENCE || e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                throw e;
            }
            console.note("the cache of the inference service is not pruned: "
                    + ErrorReport.of(e).message());
            return List.of();
        }
    }

    private Map<String, Object> json(Service service, PrunedGroup group) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("service", service.label());
        json.put("description", group.getDescription());
        json.put("applied", apply);
        json.put("items", group.getItems());
        json.put("bytes", group.getBytes());
        json.put("names", List.copyOf(group.getNamesList()));
        json.put("kept_items", group.getKeptItems());
        json.put("kept_bytes", group.getKeptBytes());
        return json;
    }
}
