/**
 * Whether cleaning helps: a corpus of real texts with planted junk, the recipe that cleans it, and pre-trainings on the raw and on
 * the cleaned corpus with equal budgets. The truth of the planting is known for every byte.
 */
package io.rootstock.bench.data.cleaning;
