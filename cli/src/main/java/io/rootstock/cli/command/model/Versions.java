package io.rootstock.cli.command.model;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads versions from the registry. */
final class Versions {
    private Versions() {}

    static Version get(Clients clients, String name) {
        return clients.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    /** Changes a version and prints it. */
    static int update(
            Clients clients, Console console, String version, UnaryOperator<UpdateVersionRequest.Builder> change) {
        Version updated = clients.models()
                .updateVersion(change.apply(UpdateVersionRequest.newBuilder()
                                .setName(Names.exactVersion(version).toString()))
                        .build())
                .getVersion();
        console.printJson(updated);
        console.print(Names.brief(updated.getName())
                + (updated.getArchived() ? "  archived" : "")
                + (updated.getPinned() ? "  pinned" : ""));
        return 0;
    }

    /** The versions from which a version was fine-tuned, the closest first; a deleted version has only its name. */
    static List<Version> ancestors(Clients clients, Version version) {
        List<Version> ancestors = new ArrayList<>();
        String parent = version.getParent();
        while (!parent.isEmpty()) {
            Version found = getIfThere(clients, parent);
            ancestors.add(found);
            parent = found.getParent();
        }
        return ancestors;
    }

    private static Version getIfThere(Clients clients, String name) {
        try {
            return get(clients, name);
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw failure;
            }
            return Version.newBuilder().setName(name).build();
        }
    }
}
