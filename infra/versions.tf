terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100.0"
    }
  }

  # The bucket is set at init, see README.md; each workspace has its own state under env:/. Its default encryption is
  # with the KMS key; `encrypt` without a key would ask for S3's own encryption instead.
  backend "s3" {
    key          = "metriccare/terraform.tfstate"
    use_lockfile = true
  }
}

# Region and credentials come from AWS_REGION and AWS_PROFILE.
provider "aws" {
  default_tags {
    tags = {
      Project     = "metriccare"
      Environment = terraform.workspace
      ManagedBy   = "terraform"
    }
  }
}
