resource "aws_elasticache_replication_group" "counters" {
  replication_group_id       = "counters"
  description                = "Counters of the shop"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  security_group_ids         = [aws_security_group.redis.id]
  subnet_group_name          = var.subnet_group
}
