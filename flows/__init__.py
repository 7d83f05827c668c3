"""Operation: Prefect runs the stages of dvc.yaml, one task per stage; `services` starts what that needs."""
