"""Operation: Prefect runs the stages of dvc.yaml, one task a stage; `services` starts what that needs."""
