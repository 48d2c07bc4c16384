package Late;

sub text { "required late" }

1;
