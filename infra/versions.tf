terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100.0"
    }
  }

  # The bucket is given at init, see README.md; each workspace has a state of its own under env:/.
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
