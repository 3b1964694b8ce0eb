package io.rootstock.corpus.worker.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.rootstock.corpus.reader.DocumentFields;
import io.rootstock.corpus.reader.ReadSettings;
import io.rootstock.corpus.storage.Storages;
import io.rootstock.corpus.unit.Compression;
import io.rootstock.corpus.unit.InputFile;
import io.rootstock.corpus.unit.InputFormat;
import io.rootstock.corpus.unit.InputPlace;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitRange;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A unit and its reader's settings as text, for workers of other processes.
 *
 * @param path path, or address of a file of a storage
 * @param root address of the storage's root; empty for a path
 * @param state {@link InputPlace#state()}
 * @param rowGroups set for row groups of a parquet file
 * @param whole whether the range is the whole file
 */
record UnitDescription(
        String name,
        String path,
        Optional<String> root,
        String state,
        InputFormat format,
        Compression compression,
        long fileBytes,
        boolean whole,
        long from,
        long to,
        Optional<RowGroups> rowGroups,
        String sample,
        DocumentFields fields,
        String licence) {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    record RowGroups(int first, int groups, long firstRow) {}

    static UnitDescription of(Unit unit, DocumentFields fields, String licence) {
        InputFile file = unit.file();
        return new UnitDescription(
                file.name(),
                file.place().toString(),
                file.place() instanceof InputPlace.Stored stored
                        ? Optional.of(stored.root().address())
                        : Optional.empty(),
                file.place().state(),
                file.format(),
                file.compression(),
                file.bytes(),
                unit.range() instanceof UnitRange.Whole,
                unit.range().from(),
                unit.range().to(),
                unit.range() instanceof UnitRange.RowGroups groups
                        ? Optional.of(new RowGroups(groups.firstGroup(), groups.groups(), groups.firstRow()))
                        : Optional.empty(),
                unit.sample(),
                fields,
                licence);
    }

    static UnitDescription parse(String json) {
        try {
            return JSON.readValue(json, UnitDescription.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the description of a unit: " + json, e);
        }
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    Unit unit() {
        UnitRange range = rowGroups
                .<UnitRange>map(
                        groups -> new UnitRange.RowGroups(groups.first(), groups.groups(), groups.firstRow(), from, to))
                .orElseGet(() -> whole ? new UnitRange.Whole(to) : new UnitRange.Bytes(from, to));
        return new Unit(new InputFile(name, place(), format, compression, fileBytes), range, sample);
    }

    private InputPlace place() {
        return root.<InputPlace>map(address -> new InputPlace.Stored(Storages.root(address), path, state))
                .orElseGet(() -> new InputPlace.Local(Path.of(path), Long.parseLong(state)));
    }

    ReadSettings settings() {
        ReadSettings standard = ReadSettings.DEFAULT;
        return new ReadSettings(
                fields,
                licence,
                standard.text(),
                standard.encoding(),
                standard.delimiter(),
                standard.columns(),
                standard.html(),
                standard.limits());
    }
}
