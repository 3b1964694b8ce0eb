-- rootstock.trainer.v1.SpecialTokens of the Hugging Face artifact; null: exported before they were written.
alter table version add column special_tokens bytea;
