package io.rootstock.registry.model;

import io.rootstock.access.v1.Role;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.GetLineageResponse;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.access.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lineage of versions: the tree of the descendants of a version's oldest ancestor, of bounded size. */
@ApplicationScoped
public class Lineage {
    /** Maximum number of generations above a version. */
    private static final int ANCESTORS = 20;
    /** Maximum number of generations below the root; Protocol Buffers reads at most 100 nested messages. */
    private static final int DESCENDANTS = 40;

    private static final int MAX_VERSIONS = 1000;

    private final Database database;

    @Inject
    public Lineage(Database database) {
        this.database = database;
    }

    /** Returns the tree that contains the version; NOT_FOUND if the version does not exist. */
    public GetLineageResponse around(VersionReference reference) {
        return database.read(connection -> {
            Version version = Models.version(connection, reference);
            VersionName name = VersionName.parse(version.getName());
            VersionName root = VersionRepository.root(connection, name, ANCESTORS);
            List<Version> found = VersionRepository.descendants(connection, root, DESCENDANTS, MAX_VERSIONS + 1);
            List<Version> versions = found.subList(0, Math.min(MAX_VERSIONS, found.size()));
            List<String> models = versions.stream()
                    .map(each -> VersionName.parse(each.getName()).model())
                    .distinct()
                    .toList();
            return GetLineageResponse.newBuilder()
                    .setRoot(tree(versions, AliasRepository.ofModels(connection, models), Caller.current()))
                    .setTruncated(found.size() > versions.size())
                    .build();
        });
    }

    /**
     * Builds the tree bottom up. Versions that the caller may not see have their names and their parents' only.
     *
     * @param parentsFirst versions with every parent before its children; the first is the root
     */
    private static LineageNode tree(List<Version> parentsFirst, List<Alias> aliases, Caller caller) {
        Map<String, List<LineageNode>> children = new HashMap<>();
        LineageNode node = LineageNode.getDefaultInstance();
        for (Version version : parentsFirst.reversed()) {
            List<LineageNode> own = children.getOrDefault(version.getName(), List.of());
            boolean visible = caller.has(Role.ROLE_VIEWER, version.getName());
            node = LineageNode.newBuilder()
                    .setVersion(visible ? version : named(version))
                    .addAllAliases(aliases.stream()
                            .filter(alias -> visible && alias.getVersion().equals(version.getName()))
                            .map(Alias::getName)
                            .toList())
                    .addAllChildren(own.reversed())
                    .build();
            children.computeIfAbsent(version.getParent(), _ -> new ArrayList<>())
                    .add(node);
        }
        return node;
    }

    private static Version named(Version version) {
        return Version.newBuilder()
                .setName(version.getName())
                .setParent(version.getParent())
                .build();
    }
}
