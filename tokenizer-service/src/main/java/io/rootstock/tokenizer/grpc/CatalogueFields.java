package io.rootstock.tokenizer.grpc;

import com.google.protobuf.Timestamp;
import io.rootstock.names.EnumNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusState;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Fields of filters and orders of corpora, datasets and tokenizers; the lists are ordered by name. */
final class CatalogueFields {
    static final ListFields<Function<Dataset, ?>> DATASETS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, Dataset::getName),
                    Field.of("kind", DatasetKind.class, dataset -> EnumNames.of(dataset.getKind())),
                    new Field<>("tokenizer", FieldType.TEXT, Dataset::getTokenizer),
                    new Field<>("digest", FieldType.TEXT, Dataset::getDigest),
                    new Field<>("create_time", FieldType.TIMESTAMP, dataset -> instant(dataset.getCreateTime()))),
            new Field<>("name", FieldType.TEXT, Dataset::getName),
            false);

    static final ListFields<Function<Tokenizer, ?>> TOKENIZERS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, Tokenizer::getName),
                    new Field<>(
                            "vocabulary_size", FieldType.INTEGER, tokenizer -> (long) tokenizer.getVocabularySize()),
                    Field.of(
                            "pre_tokenizer",
                            PreTokenizer.class,
                            tokenizer -> EnumNames.of(tokenizer.getPreTokenizer())),
                    new Field<>("digest", FieldType.TEXT, Tokenizer::getDigest),
                    new Field<>("create_time", FieldType.TIMESTAMP, tokenizer -> instant(tokenizer.getCreateTime()))),
            new Field<>("name", FieldType.TEXT, Tokenizer::getName),
            false);

    static final ListFields<Function<Corpus, ?>> CORPORA = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, Corpus::getName),
                    Field.of("state", CorpusState.class, corpus -> EnumNames.of(corpus.getState())),
                    new Field<>("message", FieldType.TEXT, Corpus::getMessage),
                    new Field<>("recipe_digest", FieldType.TEXT, Corpus::getRecipeDigest),
                    new Field<>("create_time", FieldType.TIMESTAMP, corpus -> instant(corpus.getCreateTime())),
                    new Field<>("update_time", FieldType.TIMESTAMP, corpus -> instant(corpus.getUpdateTime()))),
            new Field<>("name", FieldType.TEXT, Corpus::getName),
            false);

    private CatalogueFields() {}

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
