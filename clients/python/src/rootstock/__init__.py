"""Client of Rootstock: prepare data, train, follow, promote, and use the served model.

    import rootstock

    client = rootstock.connect()
    client.prepare("spam", kind="classification", tokenizer="prose", files=["sms.tsv"], columns="label,text")
    job = client.finetune("spam", task="classification", base="prose", dataset="spam", epochs=5)
    client.promote("spam", client.follow(job).version)
    client.classify("spam", ["You have won a prize"])

The generated stubs of the gRPC contracts are in rootstock.registry.v1, rootstock.tokenizer.v1, rootstock.trainer.v1,
rootstock.inference.v1 and rootstock.storage.v1.
"""

from rootstock.client import Answer, Client, Label, connect
from rootstock.endpoints import Endpoints
from rootstock.errors import JobFailed, RootstockError

__all__ = ["Answer", "Client", "Endpoints", "JobFailed", "Label", "RootstockError", "connect"]
