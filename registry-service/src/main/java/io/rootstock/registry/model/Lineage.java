package io.rootstock.registry.model;

import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.LineageNode;
import io.rootstock.registry.v1.Version;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lineage of versions: the tree of all descendants of a version's oldest ancestor. */
@ApplicationScoped
public class Lineage {
    private final Database database;

    @Inject
    public Lineage(Database database) {
        this.database = database;
    }

    /** Returns the tree that contains the version; NOT_FOUND if the version does not exist. */
    public LineageNode around(VersionReference reference) {
        return database.read(connection -> {
            Version version = Models.version(connection, reference);
            VersionName root = VersionRepository.root(connection, VersionName.parse(version.getName()));
            List<Version> versions = VersionRepository.descendants(connection, root);
            List<String> models = versions.stream()
                    .map(each -> VersionName.parse(each.getName()).model())
                    .distinct()
                    .toList();
            return tree(versions, AliasRepository.ofModels(connection, models));
        });
    }

    /**
     * Builds the tree bottom up.
     *
     * @param parentsFirst versions with every parent before its children; the first is the root
     */
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
