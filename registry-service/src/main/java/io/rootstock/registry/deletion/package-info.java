/**
 * Deletion of models and versions, on request and by age. Each deletion checks the references in the transaction that deletes; foreign
 * keys decide between a deletion and a concurrent reference.
 */
package io.rootstock.registry.deletion;
