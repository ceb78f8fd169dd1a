terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100.0"
    }
  }

  # The bucket is set at init, see README.md; each workspace has its own state under env:/.
  backend "s3" {
    key          = "metriccare/terraform.tfstate"
    encrypt      = true
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
