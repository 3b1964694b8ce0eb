package io.rootstock.cli.command.identity;

import com.google.protobuf.Timestamp;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.AuditEvent;
import io.rootstock.registry.v1.ListAuditEventsRequest;
import io.rootstock.registry.v1.ListAuditEventsResponse;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rootstock audit list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List calls that changed something at the registry or were refused, newest first",
        description = "With --json, also the request, the peer, and the resource before and after the call. The other"
                + " services write theirs to audit/ in their data directory.",
        footer = {
            "",
            "Examples:",
            "  rootstock audit list --since 24h",
            "  rootstock audit list --principal alice --resource models/support"
        })
final class AuditListCommand extends ServiceCommand {
    private static final int MAX_EVENTS = 1000;

    @Option(names = "--principal", paramLabel = "NAME", description = "Only calls of this user or service account")
    private String principal;

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Only calls that name this resource or a part of it, such as models/support")
    private String resource;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = SinceConverter.class,
            description = "Only calls since then: a duration before now such as 24h, or 2026-01-31T12:00:00Z")
    private Instant since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum number of results, 1 to 1000 [default: ${DEFAULT-VALUE}]")
    private int limit;

    @Option(
            names = "--page-token",
            paramLabel = "TOKEN",
            defaultValue = "",
            description = "Continue after a list, which prints the options to repeat")
    private String pageToken;

    @Override
    protected int run(Clients clients, Console console) {
        if (limit < 1 || limit > MAX_EVENTS) {
            throw usage("--limit must be 1 to " + MAX_EVENTS + ", was " + limit);
        }
        ListAuditEventsRequest.Builder request = ListAuditEventsRequest.newBuilder()
                .setPrincipal(principal == null ? "" : PrincipalNames.of("users", principal))
                .setResource(resource)
                .setPageSize(limit)
                .setPageToken(pageToken);
        if (since != null) {
            request.setSince(
                    Timestamp.newBuilder().setSeconds(since.getEpochSecond()).setNanos(since.getNano()));
        }
        ListAuditEventsResponse page = clients.identity().listAuditEvents(request.build());
        Table table = new Table("time", "principal", "method", "resources", "status", "reason");
        for (AuditEvent event : page.getEventsList()) {
            console.printJson(event);
            table.row(
                    Format.time(event.getTime()),
                    event.getPrincipal(),
                    Names.id(event.getMethod()),
                    String.join(", ", event.getResourcesList()),
                    event.getStatus(),
                    event.getReason());
        }
        table.print(console);
        if (!page.getNextPageToken().isEmpty()) {
            console.note("hint: more results: " + (since == null ? "" : "--since " + since + " ") + "--page-token "
                    + page.getNextPageToken());
        }
        return 0;
    }
}
