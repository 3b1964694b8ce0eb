package io.rootstock.registry.model;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a version was made from, and what was made from it: the tree below its oldest ancestor. */
public final class Lineage {
    private final Database database;

    /** Lineage in this database. */
    public Lineage(Database database) {
        this.database = database;
    }

    /** The tree that the version stands in; NOT_FOUND where there is no such version. */
    public LineageNode around(VersionReference reference) {
        return database.read(connection -> {
            Version version = Models.version(connection, reference);
            VersionName root = VersionRepository.root(connection, VersionName.parse(version.getName(), "name"));
            List<Version> versions = VersionRepository.descendants(connection, root);
            List<String> models = versions.stream()
                    .map(each -> VersionName.parse(each.getName(), "name").model())
                    .distinct()
                    .toList();
            return tree(versions, AliasRepository.ofModels(connection, models));
        });
    }

    /** Children are finished before their parents, because the versions come parents first. */
    private static LineageNode tree(List<Version> parentsFirst, List<Alias> aliases) {
        Map<String, List<LineageNode>> children = new HashMap<>();
        LineageNode node = LineageNode.getDefaultInstance();
        for (Version version : parentsFirst.reversed()) {
            List<LineageNode> own = children.getOrDefault(version.getName(), List.of());
            node = LineageNode.newBuilder()
                    .setVersion(version)
                    .addAllAliases(aliases.stream()
                            .filter(alias -> alias.getVersion().equals(version.getName()))
                            .map(Alias::getName)
                            .toList())
                    .addAllChildren(own.reversed())
                    .build();
            children.computeIfAbsent(version.getParent(), _ -> new ArrayList<>())
                    .add(node);
        }
        return node;
    }
}
