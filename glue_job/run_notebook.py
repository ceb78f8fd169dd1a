"""The script of every Glue job: runs the notebook that the job's arguments name, in the job's own Spark.

    spark-submit run_notebook.py --notebook s3://SCRIPTS/02_bronze.ipynb --lake s3://LAKE --raw s3://RAW/fhir_data/json/
        --ledger "dynamodb://TABLE?lake=NAME"

Exit status 0 means that every cell ran to its end. The code is `metriccare.pipeline.glue_job`, in the wheel that the
job installs.
"""

from metriccare.pipeline.glue_job import main

if __name__ == "__main__":
    main()
