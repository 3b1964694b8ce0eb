package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.format.KeyFile;
import io.rootstock.corpus.engine.format.UnitFileReader;
import java.io.IOException;

/**
 * The documents of a stage as another stage reads them: with the exact stage that removes each.
 *
 * @param stage stage that wrote the documents
 * @param exact exact stages whose removals are not yet applied to them
 */
record UnitDocuments(String stage, ExactStages exact) {
    /** Receives the documents of a unit in order. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Called for a document.
         *
         * @param position number of the document in its unit, from 0
         * @param removedBy index of the exact stage that removes it, or {@link ExactStages#STAYS}
         */
        void visit(int position, Document document, int removedBy) throws IOException;
    }

    static UnitDocuments of(TaskSpec spec) {
        return new UnitDocuments(spec.parameter(Layout.DOCUMENTS), ExactStages.of(spec));
    }

    void forEach(int unit, TaskContext context, Visitor visitor) throws IOException {
        byte[] removedBy = {};
        if (!exact.stages().isEmpty()) {
            KeyFile keys = KeyFile.read(context.file(Layout.keys(unit)));
            removedBy = exact.removals(unit, keys, context);
        }
        try (UnitFileReader reader = new UnitFileReader(context.file(Layout.documents(stage, unit)))) {
            int position = 0;
            for (Document document = reader.next(); document != null; document = reader.next()) {
                context.checkCancelled();
                visitor.visit(position, document, removedBy.length == 0 ? ExactStages.STAYS : removedBy[position]);
                position++;
            }
        }
    }
}
