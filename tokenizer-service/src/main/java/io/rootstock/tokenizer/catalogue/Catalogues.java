package io.rootstock.tokenizer.catalogue;

import io.rootstock.service.Home;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The catalogues of this service, in the home's {@code tokenizer} folder. */
@ApplicationScoped
public class Catalogues {
    /** Uploaded files by the hexadecimal digits of their digest; a repeated upload of equal bytes replaces the name. */
    @Produces
    @Singleton
    Catalogue<Source> sources(Home home) {
        return new Catalogue<>(home.directory("tokenizer", "sources"), Source.getDefaultInstance());
    }

    /** Tokenizers by id. */
    @Produces
    @Singleton
    Catalogue<Tokenizer> tokenizers(Home home) {
        return new Catalogue<>(home.directory("tokenizer", "tokenizers"), Tokenizer.getDefaultInstance());
    }

    /** Datasets by id. */
    @Produces
    @Singleton
    Catalogue<Dataset> datasets(Home home) {
        return new Catalogue<>(home.directory("tokenizer", "datasets"), Dataset.getDefaultInstance());
    }
}
